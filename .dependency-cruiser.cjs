/** The house rules, checked: who may import whom. */
module.exports = {
  forbidden: [
    {
      name: "services-meet-on-the-bus",
      comment: "A service never imports another service; it calls or listens.",
      severity: "error",
      from: { path: "^services/([^/]+)/" },
      to: { path: "^services/", pathNot: "^services/$1/" },
    },
    {
      name: "rules-are-pure",
      comment: "Rules know contracts, errors and pure libraries, nothing else.",
      severity: "error",
      from: { path: "\\.rules\\.ts$" },
      to: {
        pathNot: [
          "^shared/(contracts/|errors\\.ts|fields\\.ts|fields\\.checks\\.ts)",
          "^node_modules/libphonenumber-js/",
          "\\.rules\\.ts$",
        ],
      },
    },
    {
      name: "only-stores-know-mongodb",
      severity: "error",
      from: {
        pathNot: [
          "\\.store\\.ts$",
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
      from: { pathNot: ["\\.(test|samples)\\.ts$", "^shared/testing/", "^tests/"] },
      to: { path: "^shared/testing/" },
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
