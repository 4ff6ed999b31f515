/** What the HTTPS server serves. */
export interface ServingCertificate {
  /** PEM: the certificate, and those between it and the CA. */
  readonly cert: string;
  /** PEM: the CA that signed it; undefined where it is not known, or where the certificate signed itself. */
  readonly ca?: string | undefined;
  /** PEM. */
  readonly key: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Where the serving certificate comes from (B54). A change is served without a restart. */
export interface CertificateSource {
  current(): ServingCertificate;
  /** @returns what ends the listening */
  onChange(listener: (certificate: ServingCertificate) => void): Disposable;
}
