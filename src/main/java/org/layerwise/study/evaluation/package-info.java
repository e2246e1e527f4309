/**
 * Evaluation of a model with or without an adapter: metrics on labelled rows, generated texts, and benchmarks that
 * compare generated answers with the correct ones.
 */
@NullMarked
package org.layerwise.study.evaluation;

import org.jspecify.annotations.NullMarked;
