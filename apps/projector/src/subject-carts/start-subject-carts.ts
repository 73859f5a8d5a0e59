import type { Source } from "@cartwright/messaging/source";
import { type FeedVersionsOptions, feedVersions, type VersionsFeed } from "../feed-versions.ts";
import { fedVersions } from "../projection-versions.ts";
import { type SubjectCartsProjectionOptions, subjectCartsProjection, subjectCartsVersions } from "./subject-carts-projection.ts";

export type StartSubjectCartsOptions = Omit<SubjectCartsProjectionOptions, "source" | "version"> &
  Pick<FeedVersionsOptions, "logger" | "clock" | "everyMs"> & {
    /** One for each version that is fed. */
    readonly source: () => Source;
  };

/** Keeps the index of each subject's carts in as many versions as there are. */
export const startSubjectCarts = async ({ source, everyMs, ...options }: StartSubjectCartsOptions): Promise<VersionsFeed> => {
  const { sql, schema, logger, clock } = options;
  const feed = feedVersions({
    name: subjectCartsVersions.projection,
    wanted: () => fedVersions(sql, schema, subjectCartsVersions),
    open: (version) => subjectCartsProjection({ ...options, source: source(), version }),
    logger,
    ...(clock && { clock }),
    ...(everyMs !== undefined && { everyMs }),
  });
  await feed.start();
  return feed;
};
