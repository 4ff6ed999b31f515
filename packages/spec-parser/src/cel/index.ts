export { unitsExpressions, type UnitsExpressionOptions, type UnitsExpressions } from './units-expressions.ts';
export {
  policyKinds,
  unitsPolicy,
  type PolicyKind,
  type UnitsPolicyOptions,
  type ValidatingAdmissionPolicy,
} from './units-policy.ts';
