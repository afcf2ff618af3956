package dev.ancestral.server.engine;

/** The submitter's hold on a request. Thread-safe. */
public final class Ticket {
  private final Cohort cohort;
  private final Admission admission;

  Ticket(Cohort cohort, Admission admission) {
    this.cohort = cohort;
    this.admission = admission;
  }

  /**
   * Gives the request up: its rows are free at the end of the step that runs, and its listener
   * hears nothing more after that. Does nothing to a finished request.
   */
  public void cancel() {
    cohort.cancel();
    admission.signal();
  }

  /** Where it stands; without meaning once its first step has run. Takes as long as others wait. */
  public Standing standing() {
    return admission.standing(cohort);
  }

  /** Tells the engine to ask the listener again whether it can take more. */
  public void wake() {
    admission.signal();
  }
}
