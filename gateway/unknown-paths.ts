/** What is answered where there is no route: which methods a path takes, or that it is unknown. */
import { problem, type Problem } from "./problems.ts";

export interface Methods {
  /** The answer to a request that no route takes. */
  answer(method: string, path: string, requestId: string): Problem;
}

/** `paths` of all routes, each with its methods, such as ["GET", "/api/v1/cases/:id"]. */
export function unknownPaths(paths: readonly (readonly [method: string, path: string])[]): Methods {
  const patterns = paths.map(([method, path]) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/:\w+/g, "[^/]+")}$`),
  }));

  function allowed(path: string): string[] {
    const methods = new Set(
      patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method),
    );
    if (methods.size === 0) return [];
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods, "OPTIONS"].sort();
  }

  return {
    answer(method, path, requestId) {
      const methods = allowed(path);
      if (methods.length === 0) {
        return problem(404, "NOT_FOUND", "There is nothing under this path", requestId);
      }
      const allow = { allow: methods.join(", ") };
      if (method === "OPTIONS") return { status: 204, headers: allow, body: "" };
      const { status, headers, body } = problem(
        405,
        "METHOD_NOT_ALLOWED",
        `This path takes ${allow.allow}`,
        requestId,
      );
      return { status, headers: { ...headers, ...allow }, body };
    },
  };
}
