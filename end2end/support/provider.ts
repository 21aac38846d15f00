import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import Provider, { type JWKS } from "oidc-provider";

/** The groups of the people whom the provider knows, by the name that they sign in with. */
const groups: Record<string, string[]> = {
  reader: ["read"],
  planner: ["read", "plan"],
  breda: ["breda"],
  operator: ["operate"],
  stranger: [],
};

/** A port that nothing listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function keys(name: string): JWKS {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key: JsonWebKey = privateKey.export({ format: "jwk" });
  return { keys: [{ ...key, kid: name, use: "sig", alg: "RS256" }] } as JWKS;
}

/** A certified OpenID provider, with people who sign in by their name alone. */
export class OpenidProvider {
  readonly issuer: string;
  readonly #port: number;
  readonly #own: string;
  #server: Server | null = null;

  /** For a dashboard at `own`. */
  constructor(port: number, own: string) {
    this.#port = port;
    this.#own = own;
    this.issuer = `http://127.0.0.1:${port}`;
  }

  /** Starts it, with a signing key of this name that it has never had. */
  async start(key: string): Promise<void> {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: "gridspark",
          client_secret: "secret-of-the-tests",
          redirect_uris: [`${this.#own}/sign-in/callback`],
          post_logout_redirect_uris: [`${this.#own}/signed-out`],
        },
      ],
      claims: { openid: ["sub"], email: ["email"], profile: ["groups"] },
      pkce: { required: () => true },
      jwks: keys(key),
      cookies: { keys: ["of the tests"] },
      findAccount: (_, id) => ({
        accountId: id,
        claims: async () => ({ sub: id, email: `${id}@example.org`, groups: groups[id] ?? [] }),
      }),
    });
    this.#server = provider.listen(this.#port, "127.0.0.1");
    await new Promise<void>((resolve) => this.#server!.once("listening", resolve));
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(null)));
    this.#server = null;
  }
}
