/** The house rules, checked: who may import whom. */
module.exports = {
  forbidden: [
    {
      name: "services-meet-on-the-bus",
      comment: "A service never imports another service; it calls or listens.",
      severity: "error",
      from: { path: "^services/([^/]+)/" },
      to: { path: ["^services/", "^gateway/"], pathNot: "^services/$1/" },
    },
    {
      name: "contracts-know-only-fields",
      severity: "error",
      from: { path: "^shared/contracts/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^shared/(contracts/|contract\\.ts|fields\\.ts)" },
    },
    {
      name: "rules-are-pure",
      comment:
        "Rules know contracts, errors and pure libraries: no clock, chance, broker, store or setting.",
      severity: "error",
      from: { path: "\\.rules\\.ts$" },
      to: {
        pathNot: [
          "^shared/(contracts/|bus\\.ts|errors\\.ts|fields\\.ts|fields\\.checks\\.ts)",
          "^node_modules/(libphonenumber-js|sanitize-html|fastest-levenshtein|@skyra/jaro-winkler|luxon|@types/luxon|ical-generator)/",
          "\\.rules\\.ts$",
        ],
      },
    },
    {
      name: "stores-keep",
      comment: "A store knows no broker and is no service: it is asked, and it answers.",
      severity: "error",
      from: { path: "\\.store\\.ts$" },
      to: {
        path: ["^node_modules/moleculer/", "\\.service\\.ts$", "^shared/service\\.ts$"],
      },
    },
    {
      name: "stores-decide-nothing",
      comment:
        "What is allowed is decided before a store is asked. Filing is the exception: which case a " +
        "message joins can only be known where another replica may open that case at the same moment. " +
        "Lines, words and pairs are no decision, but the keys of an index; the parts of a list and the " +
        "joining of two conversations are their order.",
      severity: "error",
      from: { path: "\\.store\\.ts$", pathNot: "^services/cases/filing(-writes)?\\.store\\.ts$" },
      to: {
        path: "^services/.*\\.rules\\.ts$",
        pathNot: "^services/(cases/(lines|search|lists|relations)|channels/joining)\\.rules\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "only-stores-know-mongodb",
      comment: "Tests and measurements may look at the database from outside.",
      severity: "error",
      from: {
        pathNot: [
          "\\.(store|test|samples)\\.ts$",
          "^shared/(mongo/|events/|testing/)",
          "^deploy/local/",
          "^(tests|bench)/",
        ],
      },
      to: { path: "^node_modules/(mongodb|mongoose)/" },
    },
    {
      name: "shared-knows-no-service",
      severity: "error",
      from: { path: "^shared/" },
      to: { path: "^(services|gateway)/" },
    },
    {
      name: "gateway-knows-only-contracts",
      severity: "error",
      from: { path: "^gateway/" },
      to: { path: "^services/" },
    },
    {
      name: "testing-stays-in-tests",
      severity: "error",
      from: { pathNot: ["\\.(test|samples)\\.ts$", "^shared/testing/", "^(tests|bench)/"] },
      to: { path: "^shared/testing/" },
    },
    {
      name: "tools-stay-in-tests",
      comment: "What runs in production needs production's dependencies only.",
      severity: "error",
      from: { pathNot: ["\\.(test|samples)\\.ts$", "^shared/testing/", "^(tests|bench)/"] },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".js"],
      conditionNames: ["import", "require", "node", "default"],
      exportsFields: ["exports"],
    },
    tsConfig: { fileName: "tsconfig.json" },
  },
};
