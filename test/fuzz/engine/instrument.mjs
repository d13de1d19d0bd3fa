import ts from 'typescript';

/**
 * A module with a counter in every branch: functions, both ways of conditions, right sides of `&&`, `||` and `??`, loops, cases
 * and catches. `__edges` is the array that the bundle declares.
 * @param {string} text
 * @param {string} path
 * @param {() => number} nextEdge gives the number of a new edge
 */
export function instrument(text, path, nextEdge) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {{ at: number, text: string }[]} */
  const pieces = [];
  const count = () => `__edges[${nextEdge()}]++`;

  const around = (node, open, close, inside) => {
    pieces.push({ at: node.getStart(source), text: open });
    inside();
    pieces.push({ at: node.end, text: close });
  };
  const expression = (node) => around(node, `(${count()},`, ')', () => visit(node));
  const statement = (node) => {
    if (!ts.isBlock(node)) return around(node, `{${count()};`, '}', () => visit(node));
    pieces.push({ at: node.getStart(source) + 1, text: `${count()};` });
    visit(node);
  };
  const others = (node, taken) => ts.forEachChild(node, (child) => {
    if (!taken.includes(child)) visit(child);
  });

  function visit(node) {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      others(node, [node.body]);
      expression(node.body);
    } else if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      others(node, [node.body]);
      statement(node.body);
    } else if (ts.isIfStatement(node)) {
      visit(node.expression);
      statement(node.thenStatement);
      if (node.elseStatement !== undefined) statement(node.elseStatement);
      else pieces.push({ at: node.end, text: ` else {${count()};}` });
    } else if (ts.isConditionalExpression(node)) {
      visit(node.condition);
      expression(node.whenTrue);
      expression(node.whenFalse);
    } else if (ts.isBinaryExpression(node) && [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(node.operatorToken.kind)) {
      visit(node.left);
      expression(node.right);
    } else if (ts.isIterationStatement(node, false)) {
      others(node, [node.statement]);
      statement(node.statement);
    } else if (ts.isCaseOrDefaultClause(node)) {
      pieces.push({ at: node.statements.pos, text: `${count()};` });
      ts.forEachChild(node, visit);
    } else if (ts.isCatchClause(node)) {
      statement(node.block);
    } else {
      ts.forEachChild(node, visit);
    }
  }
  visit(source);

  // Stable: of pieces at one place, what was noted first stands first, which is how they nest.
  let out = '';
  let from = 0;
  for (const piece of pieces.map((each, order) => ({ ...each, order })).sort((a, b) => a.at - b.at || a.order - b.order)) {
    out += text.slice(from, piece.at) + piece.text;
    from = piece.at;
  }
  return out + text.slice(from);
}
