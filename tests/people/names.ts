/** Names of people who do not exist: common ones as often as they are, and a long tail of rare ones. */
import type { Chance } from "../faults/random.ts";

const words = (text: string): readonly string[] => text.trim().split(/\s+/u);

/** The most common first. */
const given = {
  es: words(`María José Antonio Manuel Carmen Juan Ana Francisco Luis Javier Laura Miguel Isabel
    Carlos Pilar Jesús Pedro Marta Alejandro Lucía Rafael Cristina Daniel Paula Ángel Elena David
    Sara Pablo Rosa Fernando Teresa Jorge Raquel Alberto Beatriz Sergio Rocío Álvaro Julia Diego
    Patricia Adrián Silvia Rubén Irene Ramón Nuria Vicente Mónica Enrique Alba Víctor Andrea Andrés
    Inés Ignacio Natalia Óscar Claudia Raúl Alicia Mario Verónica Iván Eva Eduardo Susana Roberto
    Noelia Santiago Lorena Joaquín Yolanda Gabriel Sofía Emilio Carolina Martín Gloria Hugo Amparo
    Gonzalo Esther Nicolás Olga Tomás Valentina Agustín Camila Felipe Ximena Rodrigo Catalina
    Guillermo Juana Hernán Mariana Ernesto Luisa Fabián Daniela Germán Manuela Jaime Consuelo`),
  en: words(`James Mary John Jennifer Robert Linda Michael Elizabeth William Susan Thomas Jessica
    Richard Sarah Joseph Karen Charles Nancy Christopher Margaret Matthew Lisa Anthony Betty Mark
    Dorothy Steven Ashley Andrew Kimberly Paul Emily Joshua Donna Kenneth Michelle Kevin Amanda
    Brian Melissa George Deborah Edward Stephanie Ronald Rebecca Timothy Sharon Jason Cynthia Ryan
    Kathleen Jacob Amy Nicholas Shirley Eric Angela Jonathan Helen Stephen Anna Larry Brenda Justin
    Pamela Scott Nicole Brandon Ruth Benjamin Katherine Samuel Christine Gregory Emma Patrick
    Catherine Alexander Virginia Dennis Rachel Henry Janet Peter Olivia Adam Grace Nathan Hannah
    Zachary Victoria Walter Evelyn Harold Alice Philip Joan Arthur Lucy Hugh Fiona Graham Siobhan`),
};

const family = {
  es: words(`García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez
    Hernández Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez Ramos
    Vázquez Ramírez Gil Serrano Morales Molina Blanco Suárez Castro Ortega Delgado Ortiz Marín Rubio
    Núñez Medina Sanz Castillo Iglesias Cortés Garrido Santos Guerrero Lozano Cano Cruz Méndez
    Flores Prieto Herrera Peña León Márquez Cabrera Gallego Calvo Vidal Campos Reyes Vega Fuentes
    Carrasco Díez Aguilar Caballero Nieto Santana Vargas Pascual Giménez Herrero Hidalgo Montero
    Lorenzo Santiago Benítez Durán Ibáñez Arias Mora Ferrer Carmona Vicente Rojas Soto Crespo Román
    Pastor Velasco Parra Sáez Moya Bravo Rivera Gallardo Soler Esteban Silva Pardo Franco Rivas`),
  en: words(`Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans
    Walker White Roberts Green Hall Wood Jackson Clarke Harris Clark Lewis Hill Moore Cooper King
    Ward Turner Baker Morris Lee Allen Young Scott Watson Parker Cook Bennett Carter Mitchell Shaw
    Richardson Phillips Collins Bell Murphy Price Kelly Griffiths Stewart Edwards Morgan Hughes
    Bailey Marshall Cox Miller Simpson Adams Mason Anderson Rogers Wilkinson Gray Hunt Campbell
    Palmer Stevens Holmes Mills Barnes Knight Lloyd Butler Russell Fisher Barker Jenkins Murray
    Dixon Ellis Harvey Foster Gibson Graham O'Brien O'Connor Fletcher Hamilton Reynolds McDonald`),
};

const beginnings = {
  es: words(`Al Ar Bar Ben Ca Cas Cer Da Do Es Fa Gal Go Ir La Lar Le Ma Mon Na Ola Pa Per Pi Que
    Ri Sal San Sa Te To Ur Va Ver Vi Za Zu Eche Ira Uri`),
  en: words(`Ash Bar Birch Black Brad Chad Chester Cran Dal East Elm Farn Glen Hal Har Haw Hol Ken
    Lang Lin Mar Mill Nor Oak Pem Rad Red Sand Shel Stan Stock Thorn Wal Wes Whit Win Wood`),
};
const middles = {
  es: words("ba ce da de ga gue la li lo ma me mi mo na ne no ra re ri ro sa so ta te ti va ve za"),
  en: words("ber bing bur den der el en er ham ing ker le les ling man mer ner ring ter ton"),
};
const endings = {
  es: words(
    "barri cea chea da di do garay goitia les lla llo mendi nda ñez quera rana rri tegui zar",
  ),
  en: words(
    "bourne bridge brook bury by croft dale den field ford gate ham hurst ley low more stead ton ward well wick wood worth",
  ),
};

export type Culture = keyof typeof given;

/** The first ones far more often than the last, as names are. */
const common = (chance: Chance, from: readonly string[]): string => {
  const share = chance.below(10_000) / 10_000;
  return from[Math.floor(from.length * share ** 2)] ?? "";
};

export const givenName = (chance: Chance, culture: Culture): string =>
  common(chance, given[culture]);

/** Four in ten have a rare name, of some tens of thousands. */
export function familyName(chance: Chance, culture: Culture): string {
  if (chance.below(10) >= 4) return common(chance, family[culture]);
  const middle = chance.below(3) > 0 ? chance.pick(middles[culture]) : "";
  return chance.pick(beginnings[culture]) + middle + chance.pick(endings[culture]);
}
