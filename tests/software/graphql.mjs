// The two protocols of GraphQL over WebSocket, each by the package that speaks it:
// node graphql.mjs FOLDER PORT_OF_NEW PORT_OF_OLD, where FOLDER holds node_modules.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [folder, newPort, oldPort] = process.argv.slice(2);
const load = createRequire(`${folder}/node_modules/`);
const { buildSchema, execute, subscribe } = load("graphql");
const { WebSocketServer } = load("ws");
const schema = buildSchema("type Query { hello: String } type Subscription { greeted: String }");

const modern = createServer();
load("graphql-ws/lib/use/ws").useServer(
  { schema, connectionInitWaitTimeout: 500 },
  new WebSocketServer({ server: modern, path: "/graphql" }),
);
modern.listen(Number(newPort), "127.0.0.1");

const legacy = createServer();
load("subscriptions-transport-ws").SubscriptionServer.create(
  { schema, execute, subscribe },
  { server: legacy, path: "/graphql" },
);
legacy.listen(Number(oldPort), "127.0.0.1");
