/** Derives a mongoose schema from a contract's fields, so that a shape is written once. */
import { Schema, type SchemaDefinition } from "mongoose";
import type { Field, Shape } from "../fields.ts";

/** The schema of documents of this shape; `id` is kept as `_id`. */
export function schemaOf(shape: Shape): Schema {
  const { id: _id, ...fields } = shape;
  const definition: SchemaDefinition = {
    _id: { type: String, required: true },
    ...fieldsOf(fields),
  };
  return new Schema(definition, {
    versionKey: false,
    strict: "throw",
    minimize: false,
    id: false,
    suppressReservedKeysWarning: true, // documents are read lean: `isNew` is only a field
    autoIndex: false,
    autoCreate: false,
  });
}

const fieldsOf = (shape: Shape): SchemaDefinition =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, typeOf(field)]));

function typeOf(field: Field<unknown>): SchemaDefinition[string] {
  const required = !field.optional && !field.nullable && field.type !== "any";
  return { type: plainType(field), ...(required && field.type !== "string" ? { required } : {}) };
}

const plain: Record<string, (field: Field<unknown>) => unknown> = {
  number: () => Number,
  boolean: () => Boolean,
  array: (field) => [typeOf(field["items"] as Field<unknown>)],
  object: (field) =>
    new Schema(fieldsOf((field["props"] ?? {}) as Shape), {
      _id: false,
      id: false,
      suppressReservedKeysWarning: true,
    }),
  record: () => Schema.Types.Mixed,
  any: () => Schema.Types.Mixed,
};

const plainType = (field: Field<unknown>): unknown =>
  plain[field.type]?.(field) ?? (field.format === "date-time" ? Date : String);
