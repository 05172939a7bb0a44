/** Checks values against shapes: params, answers, events and configuration, all by one validator. */
import FastestValidator, { type ValidationError } from "fastest-validator";
import { invalid, type FieldFault } from "./errors.ts";
import type { Field, Received, Shape } from "./fields.ts";

// Under Node's ESM the class is the default export's own `default` only when bundled; see types.
const Validator = FastestValidator as unknown as typeof FastestValidator.default;

const validator = new Validator({
  useNewCustomCheckerFunction: true,
  considerNullAsAValue: false,
  messages: {
    objectStrict: "is not a known field",
    enumValue: "must be one of {expected}",
    stringPattern: "has characters or a form that is not allowed",
  },
});

type Faults = (value: unknown) => true | ValidationError[];

/** Compiles a shape; the check changes its argument (defaults, trims, times) and answers faults. */
export function compileShape(shape: Shape): (value: object) => FieldFault[] {
  const check = validator.compile({ $$strict: true, ...eachOnce(shape) }) as Faults;
  return (value) => faultsOf(check(value));
}

/**
 * A field that stands twice in a shape is two fields: fastest-validator leaves out the custom check
 * of a rule object that it has met already.
 */
const eachOnce = (shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, once(field)]));

function once(field: Field<unknown>): Field<unknown> {
  // a shape may carry metas, too, such as `$$strict`
  if (typeof field !== "object") return field;
  const { props, items, value, rules } = field as {
    props?: Shape;
    items?: Field<unknown>;
    value?: Field<unknown>;
    rules?: Field<unknown>[];
  };
  return {
    ...field,
    ...(props ? { props: eachOnce(props) } : {}),
    ...(items ? { items: once(items) } : {}),
    ...(value ? { value: once(value) } : {}),
    ...(rules ? { rules: rules.map(once) } : {}),
  };
}

/** Compiles one field as the root of a value. */
export function compileField(field: Field<unknown>): (value: unknown) => FieldFault[] {
  const check = validator.compile({ $$root: true, ...once(field) }) as Faults;
  return (value) => faultsOf(check(value));
}

/**
 * A check that answers the value as its handler receives it.
 * @throws 422 VALIDATION_ERROR naming each field and reason
 */
export function checker<S extends Shape>(shape: S): (value: object) => Received<S> {
  const check = compileShape(shape);
  return (value) => {
    const faults = check(value);
    if (faults.length > 0) throw invalid(faults);
    return withoutUndefined(value) as Received<S>;
  };
}

/**
 * The same for what comes from outside, where no compiler looks: fastest-validator takes `null` for
 * "not sent"; here it is refused wherever the contract does not name it.
 */
export function outsideChecker<S extends Shape>(shape: S): (value: object) => Received<S> {
  const check = checker(shape);
  const whole: Field<unknown> = { type: "object", props: shape };
  return (value) => {
    const nulls = nullsIn(value, whole, "");
    if (nulls.length > 0) throw invalid(nulls.slice(0, 100));
    return check(value);
  };
}

function nullsIn(value: unknown, field: Field<unknown> | undefined, path: string): FieldFault[] {
  if (!field || typeof value !== "object") return [];
  if (value === null) {
    return field.nullable ? [] : [{ path, message: "must not be null", code: "null" }];
  }
  if (Array.isArray(value)) {
    const items = field["items"] as Field<unknown> | undefined;
    return value.flatMap((item, index) => nullsIn(item, items, `${path}[${index}]`));
  }
  const props = propsOf(field);
  return Object.entries(value).flatMap(([name, held]) =>
    nullsIn(
      held,
      props && Object.hasOwn(props, name) ? props[name] : (field["value"] as undefined),
      path ? `${path}.${name}` : name,
    ),
  );
}

/** The members of an object; where a field takes one of several, those of the first that is an object. */
const propsOf = ({ props, rules = [] }: Field<unknown>): Shape | undefined =>
  (props ?? (rules as Field<unknown>[]).find((rule) => rule["props"])?.["props"]) as
    Shape | undefined;

/** fastest-validator leaves `undefined` where nothing was sent; a missing key says that better. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) value.forEach(withoutUndefined);
  else if (value && Object.getPrototypeOf(value) === Object.prototype) {
    const object = value as Record<string, unknown>;
    for (const [name, held] of Object.entries(object)) {
      if (held === undefined) Reflect.deleteProperty(object, name);
      else if (typeof held === "object") withoutUndefined(held);
    }
  }
  return value;
}

/** Never carries the value that was sent: it may be personal. */
function faultsOf(result: true | ValidationError[]): FieldFault[] {
  if (result === true) return [];
  return result.flatMap((fault) =>
    fault.type === "objectStrict" ? unknownFields(fault) : [{ ...described(fault) }],
  );
}

const described = ({ field = "", message, type }: Partial<ValidationError>): FieldFault => ({
  path: field,
  message: plain(message, field),
  code: type ?? "invalid",
});

function unknownFields({ field, actual }: ValidationError): FieldFault[] {
  return String(actual)
    .split(", ")
    .slice(0, 20)
    .map((name) => ({
      path: (field ? `${field}.${name}` : name).slice(0, 200),
      message: "is not a known field",
      code: "unknownField",
    }));
}

/** "The 'name' field is required." → "is required", for a message that stands beside its path. */
const plain = (message: string | undefined, field: string | undefined): string =>
  (message ?? "is not valid")
    .replace(`The '${field ?? ""}' field `, "")
    .replace(/\.$/, "")
    .slice(0, 300);
