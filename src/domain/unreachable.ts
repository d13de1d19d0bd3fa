/** Marks a branch that the types rule out; compiling fails when a union gains a member that is not handled. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${typeof value}`);
}
