package org.layerwise.gui;

import java.util.HashMap;
import java.util.Map;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.ExportOptionsStore;

/** Remembers how figures were written, as long as it lives. */
public final class RememberedExports implements ExportOptionsStore {

    private final Map<String, ExportOptions> known = new HashMap<>();

    @Override
    public ExportOptions last(String kind, ExportOptions otherwise) {
        return known.getOrDefault(kind, otherwise);
    }

    @Override
    public void remember(String kind, ExportOptions options) {
        known.put(kind, options);
    }
}
