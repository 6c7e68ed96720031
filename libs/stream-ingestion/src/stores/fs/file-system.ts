import * as fs from 'node:fs/promises';

/** The calls that the store makes. Another one can be put in its place to watch them, or to make them fail. */
export type FileSystem = Pick<
  typeof fs,
  | 'link'
  | 'lstat'
  | 'mkdir'
  | 'open'
  | 'opendir'
  | 'readFile'
  | 'readdir'
  | 'readlink'
  | 'realpath'
  | 'rename'
  | 'rmdir'
  | 'stat'
  | 'statfs'
  | 'unlink'
  | 'utimes'
>;

export const nodeFileSystem: FileSystem = fs;
