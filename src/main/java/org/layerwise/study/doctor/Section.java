package org.layerwise.study.doctor;

import java.util.List;
import org.layerwise.base.Finding;

/**
 * Findings that belong together.
 *
 * @param essential whether Layerwise cannot be used when one of them is wrong
 */
public record Section(String name, boolean essential, List<Finding> findings) {

    public Section {
        findings = List.copyOf(findings);
    }

    /** Whether nothing here keeps Layerwise from being used. */
    public boolean usable() {
        return !essential || findings.stream().noneMatch(finding -> finding.state() == Finding.State.WRONG);
    }
}
