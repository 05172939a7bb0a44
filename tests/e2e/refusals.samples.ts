/** What no customer may be made of, and how a refusal says so. */
import type { Answer } from "../system/http.ts";

/** The status of a refusal and why: its code, or the fields that are wrong. */
export function reasonOf({ status, json }: Answer): unknown[] {
  const { code, errors } = json<{ code: string; errors?: { path: string }[] }>();
  return [status, ...(errors ? errors.map(({ path }) => path) : [code])];
}

/** What is wrong, the body, and the refusal. */
export const badCustomers: [string, object, unknown[]][] = [
  ["with nothing known", {}, [422, "firstName", "lastName", "documentNumber", "contactPoints"]],
  ["with an unknown field", { firstName: "Ada", nickname: "A" }, [422, "nickname"]],
  ["with a number as name", { firstName: 7 }, [422, "firstName"]],
  ["with a name that asks", { firstName: { $ne: "" } }, [422, "firstName"]],
  ["born on no day", { firstName: "Ada", birthDate: "1980-02-30" }, [422, "birthDate"]],
  ["of no kind", { kind: "robot", firstName: "Ada" }, [422, "kind"]],
  ["as a person with a business", { firstName: "Ada", businessName: "A" }, [422, "businessName"]],
  ["as a company without a name", { kind: "company" }, [422, "businessName", "documentNumber"]],
  ["with a number of no type", { documentNumber: "123" }, [422, "documentType"]],
  [
    "as a company with a person's document",
    { kind: "company", businessName: "A", documentType: "CC", documentNumber: "1" },
    [422, "documentType"],
  ],
  ["with an empty tag", { firstName: "Ada", tags: [""] }, [422, "tags[0]"]],
  [
    "with a bad address",
    { contactPoints: [{ type: "email", value: "ada" }] },
    [422, "contactPoints[0].value"],
  ],
];

/** A contact point that its type, or any, cannot have, and the refusal. */
export const badContactPoints: [object, unknown[]][] = [
  [{ type: "email", value: "ada@" }, [422, "value"]],
  [{ type: "email", value: "ada@example.com\r\nBcc: x@example.com" }, [422, "value"]],
  [{ type: "phone", value: "call me" }, [422, "value"]],
  [{ type: "mobile", value: "300 123 4567" }, [422, "value"]],
  [{ type: "mobile", value: "12", country: "CO" }, [422, "value"]],
  [{ type: "mobile", value: "3001234567", country: "Colombia" }, [422, "country", "country"]],
  [{ type: "social", value: "two words" }, [422, "value"]],
  [{ type: "pigeon", value: "x" }, [422, "type"]],
  [{ type: "email", value: "a@example.com", network: "instagram" }, [422, "network"]],
  [{ type: "email", value: "a@example.com", address: { line1: "x" } }, [422, "address"]],
  [{ type: "postal", value: "x", address: { line1: "x", street: "y" } }, [422, "address.street"]],
  [{ type: "email" }, [422, "value"]],
];
