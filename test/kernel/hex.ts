/** Bytes as people compare them: groups of four. */
export const hex = (bytes: Buffer | undefined) =>
  bytes
    ?.toString('hex')
    .replaceAll(/(.{8})/g, '$1 ')
    .trim()
