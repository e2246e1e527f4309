package org.layerwise.study.document;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.layerwise.selection.LayerSelection;

/** Named selection of layers that people keep for later use or comparison. */
public record NamedSelection(
        @JsonProperty(required = true) String name,
        @JsonUnwrapped @JsonIgnoreProperties("one_hot") LayerSelection selection) {}
