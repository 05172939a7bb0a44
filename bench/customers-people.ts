/**
 * Customers as a service desk has them, made up: the same ones each time. Names are as unevenly
 * spread as names are, so that some are very common, and a few words are on nobody together.
 */
import type { ContactPoint, Customer } from "#shared/contracts/customers/customer.ts";
import { fold } from "#shared/folding.rules.ts";
import { create } from "../services/customers/customers.rules.ts";

const firstNames =
  "María José Juan Luis Carlos Ana Jorge Carmen Pedro Laura Andrés Marta Diego Lucía Sofía Miguel Daniel Paula Camila Rosa Santiago Valentina David Isabel Elena Fernando Natalia Andrea Alejandro Claudia Ricardo Patricia Sergio Gloria Iván Beatriz Óscar Mónica Héctor Silvia Ángela Rubén Teresa Hugo Marcos Martín Mariana Mario Ñuño Zoë Noé Ximena Yolanda Wilson Úrsula Quique Íñigo Aída Fabio Greta";
const lastNames =
  "García Rodríguez Martínez López González Hernández Pérez Sánchez Ramírez Torres Gómez Díaz Vargas Castro Rojas Moreno Jiménez Ruiz Muñoz Álvarez Romero Suárez Gutiérrez Ortiz Marín Navarro Delgado Ramos Vega Molina Ortega Cruz Reyes Medina Castillo Cortés Guerrero Rincón Garrido Parra Peña Mejía Cárdenas Acosta Ospina Salazar Restrepo Zapata Quintero Uribe Beltrán Duarte Pineda Correa Arias Franco Giraldo Henao Arango Betancur Villegas Cano Duque Mesa Montoya Echeverri Zuluaga Tobón Jaramillo Vélez Lozano Bernal Barrios Pardo Nieto Solano Prieto Bravo Cabrera Fuentes Ibáñez Lara Mora Naranjo Olarte Palacios Quiroga Rey Serrano Téllez Urrutia Valencia Yepes Zamora Añez Borja Calle Daza Estrada Fajardo Gil Hoyos";
const trades = "Seguros Transportes Alimentos Energía Textiles Viajes Editorial Cementos".split(
  " ",
);
const hosts = ["correo.example.com", "mail.example.net", "inbox.example.org"];
const syllables = "ba ce di fo gu la me ni po ru sa te vi xo zu".split(" ");

/** A source of numbers between 0 and 1 that gives the same for the same seed. */
function chances(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the words; the first ones far more often than the last. */
const byRank = (words: string, chance: number): string => {
  const all = words.split(" ");
  return all[Math.floor(all.length * chance ** 2.2)] ?? "";
};

/** The first customer came at this time, the others every few seconds after it. */
const since = Date.UTC(2023, 0, 1);
const everyMs = 60_000;
export const cameAt = (index: number): Date => new Date(since + index * everyMs);

/** The customer of this number; one after the other they are older and newer. */
export function person(index: number): Customer {
  const chance = chances(index + 1);
  const at = cameAt(index);
  const id = idOf(index, at);
  const named = who(index, chance);
  const made = create(
    { tags: tagsOf(index, chance), ...named, ...reached(index, named, chance) },
    { id, newId: pointIds(id), at, by: "bench" },
  );
  const later = new Date(at.getTime() + chance() * 90 * 86_400_000);
  return {
    ...made,
    disabled: chance() < 0.01,
    owners: chance() < 0.05 ? [{ userId: `user-${String(index % 200)}` }] : [],
    ...(chance() < 0.3 ? { updatedAt: later, version: 2 } : {}),
    ...(chance() < 0.6 ? { lastInteractionAt: later } : {}),
  };
}

/** A UUIDv7 of the time. */
function idOf(index: number, at: Date): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  const tail = index.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}

const pointIds = (id: string): (() => string) => {
  let count = 0;
  return () => `${id.slice(0, -1)}${String(count++)}p`;
};

function who(index: number, chance: () => number) {
  const word = Array.from({ length: 4 }, () => syllables[Math.floor(chance() * 15)]).join("");
  const document = String(10_000_000 + ((index * 7_919) % 89_999_999));
  if (chance() < 0.05) {
    const businessName = `${word} ${trades[index % 8] ?? ""} ${byRank(lastNames, chance())}`;
    return {
      kind: "company" as const,
      businessName,
      documentType: "NIT",
      documentNumber: document,
    };
  }
  return {
    kind: "person" as const,
    firstName: byRank(firstNames, chance()),
    ...(chance() < 0.4 ? { middleName: byRank(firstNames, chance()) } : {}),
    lastName: chance() < 0.1 ? word : byRank(lastNames, chance()),
    ...(chance() < 0.7 ? { secondLastName: byRank(lastNames, chance()) } : {}),
    ...(chance() < 0.6 ? { documentType: "CC", documentNumber: document } : {}),
  };
}

/** Most have their own name in their address. */
function reached(
  index: number,
  { firstName, lastName }: { kind: string; firstName?: string; lastName?: string },
  chance: () => number,
): { contactPoints: Pick<ContactPoint, "type" | "value">[] } {
  const own = chance() < 0.8 && firstName && lastName ? `${firstName}.${lastName}` : undefined;
  const name = fold(own ?? `${byRank(firstNames, chance())}.${byRank(lastNames, chance())}`);
  const email = `${name}.${String(index)}@${hosts[index % 3] ?? ""}`;
  const mobile = `+57300${String((index * 6_971) % 10_000_000).padStart(7, "0")}`;
  return {
    contactPoints: [
      { type: "email", value: email },
      ...(chance() < 0.7 ? [{ type: "mobile" as const, value: mobile }] : []),
    ],
  };
}

const tagsOf = (index: number, chance: () => number): string[] => [
  ...(chance() < 0.4 ? ["newsletter"] : []),
  ...(chance() < 0.1 ? ["late"] : []),
  ...(chance() < 0.01 ? ["vip"] : []),
  ...(index % 1_000 === 7 ? [`region-${String(Math.floor(index / 1_000) % 10)}`] : []),
];
