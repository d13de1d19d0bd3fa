import { packagePattern, patternOf, zones } from './scripts/lib/zones.mjs';

const byName = new Map(zones.map((zone) => [zone.name, zone]));

/** A zone whose name the table does not have would allow nothing and hide a slip of the pen. */
const patternOfName = (name) => {
  const zone = byName.get(name);
  if (zone === undefined) throw new Error(`zones.mjs names a zone that it does not have: ${name}`);
  return patternOf(zone);
};

/** Default deny: an import that no line here allows is an error. */
export default {
  forbidden: [
    { name: 'file-in-no-zone', comment: 'Every file belongs to a zone (scripts/lib/zones.mjs).', severity: 'error', from: { orphan: true, path: '^(src|electron|renderer)/', pathNot: zones.map(patternOf) }, to: {} },
    { name: 'not-found', comment: 'An import that leads nowhere.', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^node:sqlite$' } },
    { name: 'circle', comment: 'Modules that need each other cannot be understood one by one.', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  allowed: zones.flatMap((zone) => {
    const from = { path: patternOf(zone) };
    const values = [zone.name, ...(zone.imports ?? [])].map(patternOfName);
    const types = (zone.types ?? []).map(patternOfName);
    const packages = (zone.packages ?? []).map(packagePattern);
    const builtins = (zone.builtins ?? []).map((name) => `^(node:)?${name}$`);
    return [
      { from, to: { path: [...values, ...packages, ...builtins] } },
      ...(types.length === 0 ? [] : [{ from, to: { path: types, dependencyTypes: ['type-only'] } }]),
    ];
  }),
  allowedSeverity: 'error',
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.css$' },
    // The tests run these rules on a copy of the sources that borrows node_modules by a link.
    preserveSymlinks: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
