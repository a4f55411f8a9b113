/* One file on its way to the desk: how far it is, and a way to stop. XMLHttpRequest, because fetch tells no progress. */

export function upload(url, file, token, { progress, done, failed }) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file, file.name);
  request.open("POST", url);
  request.setRequestHeader("X-CSRFToken", token);
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
  request.addEventListener("load", () => {
    if (request.status === 200 && request.response?.ticket) done(request.response.ticket);
    else failed(request.response?.error ?? "");
  });
  request.addEventListener("error", () => failed(""));
  request.send(body);
  return () => request.abort();
}
