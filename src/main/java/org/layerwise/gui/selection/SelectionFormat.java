package org.layerwise.gui.selection;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.export.ExportFormat;

/** Formats of an exported selection. The texts of the window contain their titles and purposes. */
public enum SelectionFormat {
    SELECTION("selection.json", null, false),
    ADAPTER_CONFIG("adapter_config.json", ExportFormat.PEFT_CONFIG, false),
    PEFT("train_peft.py", ExportFormat.PEFT, false),
    AXOLOTL("axolotl.yaml", ExportFormat.AXOLOTL, false),
    LLAMA_FACTORY("llama_factory.yaml", ExportFormat.LLAMA_FACTORY, false),
    /** File of selected layers of the reference code, named after model and task. */
    ONE_HOT("", null, false),
    /** File of similarities of the reference code. */
    SIMILARITIES("", null, true),
    COMMAND("select.sh", null, true);

    private final String fileName;
    private final @Nullable ExportFormat format;
    private final boolean analysis;

    SelectionFormat(String fileName, @Nullable ExportFormat format, boolean analysis) {
        this.fileName = fileName;
        this.format = format;
        this.analysis = analysis;
    }

    /** Returns the default file name; empty if the name depends on model and task. */
    String fileName() {
        return fileName;
    }

    /** Returns the tool of this format, if the export needs the model; null otherwise. */
    @Nullable
    ExportFormat format() {
        return format;
    }

    /** Returns true if the export needs an analysis. */
    boolean needsAnalysis() {
        return analysis;
    }

    /** Returns the key of the format in the keys of its texts. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
