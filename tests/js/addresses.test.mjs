import assert from "node:assert/strict";
import { test } from "node:test";

import { hasIpv6Host, isBlockedOnHttps, isPersonal } from "../../static/js/lib/addresses.js";

test("http is blocked, but not on the reader's own machine", () => {
  for (const address of ["http://example.com/", " http://a.example:8080/x?y", "http://192.168.1.4/", "http://127.example/"]) {
    assert.equal(isBlockedOnHttps(address), true, address);
  }
  for (const address of ["http://localhost:5001/", "http://app.localhost/", "http://127.0.0.1:80/", "http://[::1]/"]) {
    assert.equal(isBlockedOnHttps(address), false, address);
  }
});

test("https, and what is no address yet, is not blocked", () => {
  for (const address of ["https://example.com/", "", "http", "http://", "ftp://example.com"]) {
    assert.equal(isBlockedOnHttps(address), false, address);
  }
});

test("an IPv6 number as the host is told from a name and an IPv4 number", () => {
  assert.equal(hasIpv6Host(" https://[2001:db8::1]:8443/x"), true);
  for (const address of ["https://a.example/[::1]", "https://192.0.2.1/", "https://[", "", "[::1]"]) {
    assert.equal(hasIpv6Host(address), false, address);
  }
});

test("an address that carries who somebody is is told from one with ids", () => {
  for (const name of ["contact.name", "contact.email|required", "contact.phone_number"]) {
    assert.equal(isPersonal(`https://a.example/?x={{${name}}}`), true, name);
  }
  for (const text of ["{{contact.id}}", "{{contact.custom_attributes.email}}", "contact.email", "{{contact.email", ""]) {
    assert.equal(isPersonal(text), false, text);
  }
});
