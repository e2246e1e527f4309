/**
 * Files made from an adapter or a selection: merged models, standard LoRA from PiSSA, configurations for other
 * training programs.
 */
@NullMarked
package org.layerwise.study.adapter;

import org.jspecify.annotations.NullMarked;
