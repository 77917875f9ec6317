// Opens one WebSocket for each visit, as any page does, and tells what its events reported.
const MOST_MESSAGES = 20;

async function visitAll(visits, atOnce) {
  const told = [];
  const waiting = visits.map((visit, index) => [visit, index]);
  const worker = async () => {
    for (let next; (next = waiting.shift()); ) told[next[1]] = await visitInFrame(next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return told;
}

// Chromium waits a minute for a server that does not answer our close, and listens meanwhile;
// with its frame the socket is gone at once.
async function visitInFrame(visit) {
  const frame = document.body.appendChild(document.createElement("iframe"));
  try {
    return await visitOne(frame.contentWindow.WebSocket, visit);
  } finally {
    frame.remove();
  }
}

function visitOne(WebSocket, { url, offers, says, opens_within_ms, stays_ms }) {
  const seen = { threw: "", opened: false, protocol: "", messages: [], left: false };
  let socket;
  try {
    socket = new WebSocket(url, offers);
  } catch (error) {
    return { ...seen, threw: error.name, code: null, clean: false };
  }
  return new Promise((resolve) => {
    const leave = () => {
      socket.onclose = null;
      resolve({ ...seen, left: true, code: null, clean: false });
    };
    let timer = setTimeout(leave, opens_within_ms);
    socket.onopen = () => {
      seen.opened = true;
      seen.protocol = socket.protocol;
      clearTimeout(timer);
      timer = setTimeout(leave, stays_ms);
      says.forEach((message) => socket.send(message));
    };
    socket.onmessage = ({ data }) => {
      if (seen.messages.length < MOST_MESSAGES)
        seen.messages.push(typeof data === "string" ? data : null);
    };
    socket.onclose = ({ code, wasClean }) => {
      clearTimeout(timer);
      resolve({ ...seen, code, clean: wasClean });
    };
  });
}
