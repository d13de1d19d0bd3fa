/** Which arguments of a call are texts for people: of `new StrongroomError(code, message, details, hint)` the message and the hint. */
const TEXTS = new Map([['StrongroomError', [1, 3]], ['TypeError', [0]], ['malformedPsbt', [0]], ['tooLargePsbt', [0]]]);
/** Of an entry of the catalog of findings. */
const TEXT_PROPERTIES = ['meaning', 'nextStep'];

/*
 * A plugin for Stryker: what is written for people and asserted by no test, by rule. The wording of errors and of the catalog of findings is
 * not changed; codes, severities and details are, like everything else.
 */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'wording',
    value: {
      shouldIgnore({ node, parent }) {
        const isArgument = (parent?.type === 'NewExpression' || parent?.type === 'CallExpression') && (TEXTS.get(parent.callee.name) ?? []).includes(parent.arguments.indexOf(node));
        const isProperty = parent?.type === 'ObjectProperty' && parent.value === node && TEXT_PROPERTIES.includes(parent.key.name);
        return isArgument || isProperty ? 'wording, which no test asserts' : undefined;
      },
    },
  },
];
