/** Numbers carry their unit in the type; `Infinity` stands for "no limit". */
declare const unit: unique symbol;
type Measured<U extends string> = number & { readonly [unit]: U };

export type Bytes = Measured<"bytes">;
export type Seconds = Measured<"seconds">;
/** File descriptors of one process, or of the whole machine. */
export type Descriptors = Measured<"descriptors">;
/** Connections, or the slots and queue places that hold them. */
export type Connections = Measured<"connections">;
/** CPUs' worth of time: 1.5 is a quota of 150 %. */
export type Cpus = Measured<"cpus">;
export type Processes = Measured<"processes">;
/** Requests that are in work at the same moment. */
export type Requests = Measured<"requests">;

export const bytes = (number: number): Bytes => number as Bytes;
export const seconds = (number: number): Seconds => number as Seconds;
export const descriptors = (number: number): Descriptors => number as Descriptors;
export const connections = (number: number): Connections => number as Connections;
export const cpus = (number: number): Cpus => number as Cpus;
export const processes = (number: number): Processes => number as Processes;
export const requests = (number: number): Requests => number as Requests;
