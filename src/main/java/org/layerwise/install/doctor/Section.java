package org.layerwise.install.doctor;

import java.util.List;
import org.layerwise.base.CheckResult;

/**
 * Results of related checks.
 *
 * @param name title of the section
 * @param essential true if Layerwise cannot be used when one of these checks fails
 */
public record Section(String name, boolean essential, List<CheckResult> findings) {

    public Section {
        findings = List.copyOf(findings);
    }

    /** Returns true if the results of this section do not prevent the use of Layerwise. */
    public boolean usable() {
        return !essential || findings.stream().noneMatch(finding -> finding.state() == CheckResult.State.WRONG);
    }
}
