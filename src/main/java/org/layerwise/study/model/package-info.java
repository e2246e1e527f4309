/**
 * An open model and its descriptions: size, memory, parts, classes. Start with {@link
 * org.layerwise.study.model.OpenModel}.
 */
@NullMarked
package org.layerwise.study.model;

import org.jspecify.annotations.NullMarked;
