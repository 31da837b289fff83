#!/usr/bin/env node
// placeholder until the cli lands
