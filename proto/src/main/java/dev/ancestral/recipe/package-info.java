/**
 * The recipe of a sample: which of a request, and which network, decides its numbers; as JSON, so
 * that it travels in the picture. Start with {@link dev.ancestral.recipe.Recipe}. Server and client
 * write the same one, which is why it stands beside the contract.
 */
@NullMarked
package dev.ancestral.recipe;

import org.jspecify.annotations.NullMarked;
