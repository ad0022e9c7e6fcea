// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a feed on standard input with the reader that is named; writes what it found as JSON to standard output.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [folder, name] = process.argv.slice(2); // the folder that has node_modules
const reader = createRequire(`${folder}/`)(name);
const read = { "podcast-partytime": reader.parseFeed, feedsmith: reader.parseRssFeed }[name];
process.stdout.write(JSON.stringify(read(readFileSync(0, "utf8"))));
