// Socket.IO 2 and 4: node socketio.mjs FOLDER PORT_OF_4 PORT_OF_2, where FOLDER holds node_modules.
// A link's path has no query, so each path stands for the query that a client of that Engine.IO
// protocol sends; all else is theirs.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [folder, port4, port2] = process.argv.slice(2);
const load = createRequire(`${folder}/node_modules/`);

function serve(port, attach) {
  const server = createServer();
  attach(server);
  server.prependListener("upgrade", (request) => {
    const spoken = /^\/eio(\d)$/.exec(request.url);
    if (spoken) request.url = `/socket.io/?EIO=${spoken[1]}&transport=websocket`;
  });
  server.listen(Number(port), "127.0.0.1");
}

serve(port4, (server) => new (load("socket.io-4").Server)(server));
serve(port2, (server) => load("socket.io-2")(server));
