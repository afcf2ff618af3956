/**
 * The flags of {@code sample} that are fields of a request. Each is one line of {@link
 * dev.ancestral.client.flags.RequestFlags}; its type is its field's, so a new field of the contract
 * is a new line there and nothing else. The command's own flags, which no server sees, are the
 * command's.
 */
@NullMarked
package dev.ancestral.client.flags;

import org.jspecify.annotations.NullMarked;
