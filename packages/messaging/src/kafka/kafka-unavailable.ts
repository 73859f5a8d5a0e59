/** Kafka could not be reached, or did not acknowledge; what was to be sent may be there or not, and may be sent again. */
export class KafkaUnavailable extends Error {
  override readonly name = "KafkaUnavailable";
  readonly retryable = true;
}
