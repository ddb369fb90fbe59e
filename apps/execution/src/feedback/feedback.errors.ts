import { FEEDBACK_MAX } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

/** Thrown when an execution has as much feedback as it may. */
export class TooMuchFeedbackError extends ValidationFailedError {
  constructor(executionId: string) {
    const message = `Execution ${executionId} has ${FEEDBACK_MAX} feedbacks, the most there are of one. Say less often what is thought of it.`;
    super(message, [{ pointer: '', code: 'too_much_feedback', message }]);
  }
}
