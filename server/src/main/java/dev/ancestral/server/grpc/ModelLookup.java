package dev.ancestral.server.grpc;

import dev.ancestral.server.grpc.InvalidRequestException.Violation;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import java.util.List;

/** The model a request names. */
final class ModelLookup {
  private final ModelRepository repository;

  ModelLookup(ModelRepository repository) {
    this.repository = repository;
  }

  /**
   * The model; the only one there is if the name is empty.
   *
   * @param field where the request names it
   * @throws ModelNotFoundException if there is none of that name
   * @throws InvalidRequestException if the name is empty and there are several
   */
  ServedModel find(String field, String name) {
    return repository
        .find(name)
        .orElseThrow(
            () ->
                name.isEmpty()
                    ? new InvalidRequestException(
                        List.of(
                            new Violation(
                                field,
                                "not given (expected one of: %s)"
                                    .formatted(String.join(", ", repository.names())))))
                    : new ModelNotFoundException(name, repository.names()));
  }
}
