package io.scrimplb.app.cli;

import io.scrimplb.app.runtime.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"scrimp " + Version.current()};
    }
}
