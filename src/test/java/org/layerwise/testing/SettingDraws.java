package org.layerwise.testing;

import java.util.Random;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;

/** Draws values that settings allow. */
public final class SettingDraws {

    private static final int TRIES = 1000;

    private SettingDraws() {}

    /**
     * Returns a value that a setting allows.
     *
     * @throws AssertionError if none of many texts is one
     */
    public static <T> T value(Setting<T> setting, Random random) {
        if (!setting.type().choices().isEmpty()) {
            return setting.type()
                    .choices()
                    .get(random.nextInt(setting.type().choices().size()));
        }
        for (int i = 0; i < TRIES; i++) {
            try {
                return setting.read(setting.flag(), text(setting, random));
            } catch (org.layerwise.base.UserException e) {
                // another one
            }
        }
        throw new AssertionError("no value was found for " + setting);
    }

    private static String text(Setting<?> setting, Random random) {
        SettingType.Kind kind = setting.type().kind();
        if (kind == SettingType.Kind.FLAG) {
            return String.valueOf(random.nextBoolean());
        }
        double high = setting.range().map(Range::high).filter(Double::isFinite).orElse(1000.0);
        if (kind == SettingType.Kind.WHOLE) {
            return String.valueOf(random.nextInt((int) Math.min(high, 1000) + 1));
        }
        if (kind == SettingType.Kind.NUMBER) {
            return String.valueOf(random.nextBoolean() ? random.nextDouble() : high * random.nextDouble());
        }
        String[] words = {
            "loss",
            "accuracy",
            "0.25",
            "query",
            "a file",
            " lead",
            "trail ",
            "config",
            "query=4,value=8",
            "eos-is-padding",
            "no-token-types,eos-is-padding",
            "rslora",
            "dora+pissa_niter_4",
            "cka,rsa",
            "procrustes",
            "premise,hypothesis",
            "cuda:1"
        };
        return words[random.nextInt(words.length)];
    }
}
