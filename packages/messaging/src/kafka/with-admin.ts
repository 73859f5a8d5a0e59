import type { Admin, Kafka } from "kafkajs";

/** A connection for one errand. */
export const withAdmin = async <Result>(kafka: Kafka, errand: (admin: Admin) => Promise<Result>): Promise<Result> => {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await errand(admin);
  } finally {
    void admin.disconnect().catch(() => {});
  }
};
