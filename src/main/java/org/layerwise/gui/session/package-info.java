/**
 * State of the open study: model, data, analyses, runs and the selection of layers, the computer or cluster for work,
 * and one history of changes.
 */
@NullMarked
package org.layerwise.gui.session;

import org.jspecify.annotations.NullMarked;
