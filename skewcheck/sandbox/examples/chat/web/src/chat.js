// Opens the chat's socket, shows what is said, and sends what is typed.
const { socket: url, token } = await (await fetch("/session.json")).json();

const show = (id, text) => { document.getElementById(id).textContent = text; };
const add = (text) => {
  document.getElementById("said").append(Object.assign(document.createElement("li"), { textContent: text }));
};
const base64url = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const socket = new WebSocket(url, ["chat", `token.${base64url(token)}`]);
socket.onmessage = (event) => {
  const message = JSON.parse(event.data);
  if (message.type === "welcome") show("state", `connected, ${message.people} here`);
  if (message.type === "said") add(message.text);
};
socket.onclose = () => show("state", "not connected");

document.getElementById("form").onsubmit = (event) => {
  event.preventDefault();
  const input = document.getElementById("text");
  socket.send(JSON.stringify({ type: "say", text: input.value }));
  input.value = "";
};
