package dev.ancestral.server.repository;

/** Why a model cannot be served, in one line, without its name. */
final class ModelProblem extends Exception {
  private static final long serialVersionUID = 1L;

  ModelProblem(String message, Throwable cause) {
    super(message, cause);
  }
}
