import fc from "fast-check";

// The same inputs for everybody, so that a run says what the change does; CI gives its run number, and with it new ones.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.HOSTLINT_SEED ?? 1) });
