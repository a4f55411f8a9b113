// Tells the server, with the form it stands in, where the person is.

export default function timeZone(field) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
