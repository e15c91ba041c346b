// What is live. Everything else works without it.
"use strict";
