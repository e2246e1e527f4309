package org.layerwise.testing;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Progress;

/**
 * Progress that keeps remarks, and passes over what is reported.
 *
 * @param notes remarks so far
 */
public record NotedProgress(List<String> notes) implements Progress {

    public NotedProgress() {
        this(new ArrayList<>());
    }

    @Override
    public void report(double fraction, String message) {
        // not of interest
    }

    @Override
    public void note(String remark) {
        notes.add(remark);
    }

    @Override
    public boolean cancelled() {
        return false;
    }
}
