package org.layerwise.install.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.layerwise.base.CheckResult;
import org.slf4j.LoggerFactory;

/** Collector of the results of checks. A check that fails does not prevent the following checks. */
final class DoctorReport {

    private final List<CheckResult> findings = new ArrayList<>();

    /** Runs one check. */
    DoctorReport at(String name, Callable<CheckResult> look) {
        return atSeveral(name, () -> List.of(look.call()));
    }

    /** Runs a check that has several results. */
    DoctorReport atSeveral(String name, Callable<List<CheckResult>> look) {
        try {
            findings.addAll(look.call());
        } catch (Exception | LinkageError | AssertionError | InternalError e) {
            // any failure of a broken installation is reported, not hidden
            LoggerFactory.getLogger(DoctorReport.class).warn("{} cannot be looked at", name, e);
            findings.add(CheckResult.wrong(name, words(e), "The log has the details."));
        }
        return this;
    }

    List<CheckResult> findings() {
        return List.copyOf(findings);
    }

    private static String words(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
