/**
 * What a sampling leaves on disk: pictures, tables, raw arrays. Start with {@link
 * dev.ancestral.client.output.SampleOutput}. Nothing here makes a call: messages come in, files go
 * out.
 */
@NullMarked
package dev.ancestral.client.output;

import org.jspecify.annotations.NullMarked;
