package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.Json;
import org.layerwise.base.WholeFiles;
import org.layerwise.lora.PeftAdapter;

/**
 * The folder of the demo. A mark in it says that its files are the demo's own, which the next demo replaces.
 *
 * @param path of the folder
 */
record DemoFolder(Path path) {

    static final String ANALYSIS = "analysis";
    static final String SELECTION = "selection.json";

    /** The run on all layers. */
    static final String FULL = "full";

    /** The run on the selected layers. */
    static final String SELECTED = "selected";

    private static final String MARK = "demo.json";
    private static final List<String> WRITTEN = List.of(ANALYSIS, SELECTION, PeftAdapter.CONFIG, FULL, SELECTED);

    /**
     * Makes sure that the demo replaces no files but those of an earlier demo, and marks the folder.
     *
     * @param usual whether it is the program's own folder for demos, where nobody else's files are
     * @throws org.layerwise.base.UserException if a file or folder of others lies in the place of one of the demo's, or the folder cannot be written
     */
    void begin(boolean usual) {
        MarkedFolder marked = new MarkedFolder(path, MARK, "demo");
        if (!usual && !marked.isMarked() && !isOfEarlierVersion()) {
            marked.requireNone(WRITTEN);
        }
        WholeFiles.requireWritableFolder(path);
        Json.write(path.resolve(MARK), Json.object().put("layerwise", Versions.layerwise()));
    }

    /** Before there was a mark, the run on all layers told. */
    private boolean isOfEarlierVersion() {
        Path run = path.resolve(FULL);
        return Run.isRun(run) && Run.open(run).data().equals(Demo.DATA);
    }
}
