// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a feed on standard input with podcast-partytime; writes what it found as JSON to standard output.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const folder = process.argv[2]; // the folder that has node_modules
const { parseFeed } = createRequire(`${folder}/`)("podcast-partytime");
const feed = parseFeed(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(feed));
