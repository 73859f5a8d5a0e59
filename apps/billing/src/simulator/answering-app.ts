type App = { fetch(request: Request): Response | Promise<Response> };

/** An app that knows whether it still works on an answer, also one that nobody waits for any more. */
export const answeringApp = (app: App): App & { idle(): Promise<void> } => {
  const answering = new Set<Promise<Response>>();
  return {
    fetch(request) {
      const answer = Promise.resolve(app.fetch(request));
      answering.add(answer);
      const ended = () => void answering.delete(answer);
      answer.then(ended, ended);
      return answer;
    },
    async idle() {
      await Promise.allSettled(answering);
    },
  };
};
