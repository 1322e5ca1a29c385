package io.millrace.domain.privacy;

import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/** Keeps the secret salts of the days on which visitor ids are hashed, and destroys old ones. */
public interface SaltStore {
  int SALT_BYTES = 32;

  /** The salt of a day, made when there is none yet; everyone who asks gets the same. */
  byte[] findOrCreate(LocalDate day);

  /** Forgets the salts of all days before this one, for good. */
  void destroyBefore(LocalDate day);

  /** A new random salt. */
  static byte[] newSalt() {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return salt;
  }

  /** Salts that end with the process: after a restart every visitor is a new one. */
  static SaltStore inMemory() {
    return new SaltStore() {
      private final Map<LocalDate, byte[]> salts = new HashMap<>();

      @Override
      public synchronized byte[] findOrCreate(LocalDate day) {
        return salts.computeIfAbsent(day, missing -> newSalt());
      }

      @Override
      public synchronized void destroyBefore(LocalDate day) {
        salts.keySet().removeIf(kept -> kept.isBefore(day));
      }
    };
  }
}
