import { POSTGRES_PORT } from "./postgres-socket.ts";

/**
 * The settings of the embedded PostgreSQL, given on its command line so that a change reaches data of any age.
 * Durability is never traded: what was acknowledged survives a kill and a power cut.
 */
export const postgresSettings = (socketDir: string, tcpPort?: number): Record<string, string> => {
  return {
    // Sockets alone, unless a port is asked for: none to collide with a PostgreSQL of the machine, nothing reachable from outside.
    listen_addresses: tcpPort === undefined ? "" : "127.0.0.1",
    // Names the socket's file too.
    port: String(tcpPort ?? POSTGRES_PORT),
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    // Pools of ten for each service and room for psql and tests; who asks for a port may run several processes of each
    // service. A connection that nobody opens costs next to nothing.
    max_connections: tcpPort === undefined ? "100" : "300",

    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // Checkpoints by time, seldom by size, since after each one every page is written whole again; and yet so little
    // WAL that recovery after a kill takes seconds.
    max_wal_size: "1GB",
    checkpoint_timeout: "5min",

    // A small machine that has other things to do.
    shared_buffers: "128MB",
    work_mem: "8MB",
    maintenance_work_mem: "64MB",
    // Short queries gain nothing from parallel workers, whose shared memory the 64 MB /dev/shm of a container may lack.
    max_parallel_workers_per_gather: "0",
    max_parallel_maintenance_workers: "0",
    // Reads come from memory here; three processes fewer.
    io_method: "sync",
    // No replication to apply; one process fewer.
    max_logical_replication_workers: "0",
    jit: "off",

    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: "off",
    log_line_prefix: "",
    // LOG, FATAL and PANIC. A failed statement is its client's to report, and its text may hold personal data.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
  };
};
